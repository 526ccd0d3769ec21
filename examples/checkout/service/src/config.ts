const { env } = process;

export const config = {
  port: Number(env.PORT ?? 3000),
  paymentsUrl: env.PAYMENTS_URL ?? 'http://127.0.0.1:4001',
  inventoryUrl: env.INVENTORY_URL ?? 'http://127.0.0.1:4002',
  shippingUrl: env.SHIPPING_URL ?? 'http://127.0.0.1:4003',
  recommendationsUrl: env.RECOMMENDATIONS_URL ?? 'http://127.0.0.1:4004',
};
