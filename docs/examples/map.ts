import { Retry, Timeout } from '@holdfast/runtime';

// #region service
export class ShippingClient {
  @Retry(3)
  @Timeout(500)
  async quote(id: string): Promise<Response> {
    return fetch(`https://shipping.example/quotes/${id}`);
  }

  async track(id: string): Promise<Response> {
    return fetch(`https://shipping.example/shipments/${id}`);
  }
}
// #endregion
