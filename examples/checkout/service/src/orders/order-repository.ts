import { OrderError, type Order } from './order.js';

export class OrderRepository {
  private readonly orders = new Map<string, Order>();

  save(order: Order): Order {
    this.orders.set(order.id, order);
    return order;
  }

  get(id: string): Order {
    const order = this.orders.get(id);
    if (!order) throw new OrderError(`There is no order ${id}`, 404);
    return order;
  }
}
