export interface OrderRequest {
  sku: string;
  quantity: number;
  country: string;
}

export interface Order extends OrderRequest {
  id: string;
  status: 'confirmed' | 'cancelled';
  amountInCents: number;
  shipping: ShippingQuote;
  receipt: string;
  recommendations: string[];
}

export interface ShippingQuote {
  priceInCents: number;
  carrier: string;
  /** True when we charged the flat rate because there was no quote. */
  estimated: boolean;
}

/** Something the customer can understand: sold out, card declined, no such order. */
export class OrderError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
    this.name = 'OrderError';
  }
}
