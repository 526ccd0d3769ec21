// #region all
export class ChargeClient {
  async statusOf(id: string): Promise<unknown> {
    const response = await fetch(`https://payments.example/charges/${id}`);
    if (!response.ok) throw new Error(`payments answered ${response.status}`);
    return response.json();
  }

  async charge(order: string): Promise<boolean> {
    const response = await fetch('https://payments.example/charges', { method: 'POST', body: order });
    return response.ok;
  }
}

export async function rateOf(currency: string): Promise<unknown> {
  const response = await fetch(`https://rates.example/${currency}`);
  if (!response.ok) throw new Error(`rates answered ${response.status}`);
  return response.json();
}
// #endregion
