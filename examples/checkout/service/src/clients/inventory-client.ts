import type { AxiosInstance } from 'axios';

export interface Stock {
  sku: string;
  available: number;
  priceInCents: number;
}

export class InventoryClient {
  constructor(private readonly http: AxiosInstance) {}

  async stockOf(sku: string): Promise<Stock> {
    const { data } = await this.http.get<Stock>(`/stock/${sku}`);
    return data;
  }

  async confirm(orderId: string, sku: string, quantity: number): Promise<void> {
    await this.http.post('/reservations', { orderId, sku, quantity });
  }

  async release(orderId: string): Promise<void> {
    await this.http.delete(`/reservations/${orderId}`);
  }
}
