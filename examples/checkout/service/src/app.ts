import axios from 'axios';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { InventoryClient } from './clients/inventory-client.js';
import { PaymentClient } from './clients/payment-client.js';
import { trackShipment } from './clients/shipping.js';
import { config } from './config.js';
import { OrderRepository } from './orders/order-repository.js';
import { OrderError, type OrderRequest } from './orders/order.js';
import { OrderService } from './orders/order-service.js';

export function createApp(): Express {
  const orders = new OrderService(
    new OrderRepository(),
    new InventoryClient(axios.create({ baseURL: config.inventoryUrl })),
    new PaymentClient(config.paymentsUrl),
  );

  const app = express();
  app.use(express.json());

  app.post('/orders', async (req, res) => {
    const order = await orders.place(req.body as OrderRequest);
    res.status(201).json(order);
  });

  app.get('/orders/:id', (req, res) => {
    res.json(orders.find(req.params.id));
  });

  app.get('/orders/:id/tracking', async (req, res) => {
    const order = orders.find(req.params.id);
    res.json(await trackShipment(order.id));
  });

  app.delete('/orders/:id', async (req, res) => {
    res.json(await orders.cancel(req.params.id));
  });

  app.use(answerError);
  return app;
}

const answerError: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (res.headersSent) return next(error);
  if (error instanceof OrderError) {
    res.status(error.status).json({ error: error.message });
    return;
  }
  res.status(502).json({ error: error instanceof Error ? error.message : 'Upstream failure' });
};
