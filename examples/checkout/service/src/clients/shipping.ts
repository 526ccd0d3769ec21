import { config } from '../config.js';
import type { ShippingQuote } from '../orders/order.js';

/** What we charge when nobody tells us the real price. */
export const FLAT_RATE: ShippingQuote = { priceInCents: 799, carrier: 'standard', estimated: true };

export async function quoteShipping(country: string, parcels: number): Promise<ShippingQuote> {
  const query = new URLSearchParams({ country, parcels: String(parcels) });
  const response = await fetch(`${config.shippingUrl}/quotes?${query}`);
  if (!response.ok) throw new Error(`shipping answered ${response.status}`);
  const quote = (await response.json()) as { priceInCents: number; carrier: string };
  return { ...quote, estimated: false };
}

export async function trackShipment(orderId: string): Promise<{ status: string }> {
  const response = await fetch(`${config.shippingUrl}/shipments/${orderId}`);
  if (!response.ok) throw new Error(`shipping answered ${response.status}`);
  return (await response.json()) as { status: string };
}
