import { randomUUID } from 'node:crypto';
import type { InventoryClient } from '../clients/inventory-client.js';
import type { PaymentClient } from '../clients/payment-client.js';
import { recommendFor } from '../clients/recommendations.js';
import { FLAT_RATE, quoteShipping } from '../clients/shipping.js';
import type { OrderRepository } from './order-repository.js';
import { OrderError, type Order, type OrderRequest, type ShippingQuote } from './order.js';

export class OrderService {
  constructor(
    private readonly repository: OrderRepository,
    private readonly inventory: InventoryClient,
    private readonly payments: PaymentClient,
  ) {}

  async place(request: OrderRequest): Promise<Order> {
    const id = randomUUID();

    const stock = await this.inventory.stockOf(request.sku);
    if (stock.available < request.quantity) throw new OrderError(`${request.sku} is sold out`, 409);

    const shipping = await this.shippingFor(request);
    const amountInCents = stock.priceInCents * request.quantity + shipping.priceInCents;
    const receipt = await this.payments.charge({ orderId: id, amountInCents });
    await this.inventory.confirm(id, request.sku, request.quantity);

    return this.repository.save({
      ...request,
      id,
      status: 'confirmed',
      amountInCents,
      shipping,
      receipt: receipt.id,
      recommendations: await this.recommendationsFor(request.sku),
    });
  }

  async cancel(id: string): Promise<Order> {
    const order = this.repository.get(id);
    await this.payments.refund(order.receipt);
    await this.inventory.release(order.id);
    return this.repository.save({ ...order, status: 'cancelled' });
  }

  find(id: string): Order {
    return this.repository.get(id);
  }

  private async shippingFor(request: OrderRequest): Promise<ShippingQuote> {
    try {
      return await quoteShipping(request.country, request.quantity);
    } catch (error) {
      console.warn('no shipping quote, charging the flat rate:', (error as Error).message);
      return FLAT_RATE;
    }
  }

  private async recommendationsFor(sku: string): Promise<string[]> {
    try {
      return await recommendFor(sku);
    } catch {
      return []; // nobody cancels an order because of these
    }
  }
}
