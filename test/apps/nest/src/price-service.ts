import { Injectable } from '@nestjs/common';
import { Bulkhead, CircuitBreaker, Retry, Timeout } from '@holdfast/runtime';

/** Stands for a client of another service, which fails every other time. */
@Injectable()
export class PriceService {
  private readonly currency = 'EUR';
  private calls = 0;

  @Retry({ maxAttempts: 2, baseDelay: 1, jitter: false })
  @CircuitBreaker({ failureThreshold: 10 })
  async price(id: string, amount: number): Promise<string> {
    if (++this.calls % 2 === 1) throw new Error('the other service is down');
    return `${amount} x ${id} in ${this.currency}`;
  }

  @Timeout(20)
  async forecast(): Promise<string> {
    return new Promise(() => {});
  }

  @Bulkhead(1)
  @Timeout(5_000)
  async *history(): AsyncGenerator<number> {
    yield* [1, 2, 3];
  }
}
