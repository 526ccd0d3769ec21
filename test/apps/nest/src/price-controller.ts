import { Controller, Get, Header, HttpCode, Param, ParseIntPipe, Post, Query, UseGuards } from '@nestjs/common';
import { Bulkhead, CircuitBreaker, Retry, Timeout } from '@holdfast/runtime';
import { PriceService } from './price-service.js';
import { Roles, RolesGuard } from './roles.js';

@Controller('prices')
export class PriceController {
  constructor(private readonly prices: PriceService) {}

  @Get('below/:id')
  @Header('x-answered-by', 'below')
  @Timeout(5_000)
  async below(@Param('id') id: string, @Query('amount', ParseIntPipe) amount: number): Promise<string> {
    return this.prices.price(id, amount);
  }

  @Timeout(5_000)
  @Get('above/:id')
  @Header('x-answered-by', 'above')
  async above(@Param('id') id: string, @Query('amount', ParseIntPipe) amount: number): Promise<string> {
    return this.prices.price(id, amount);
  }

  @CircuitBreaker()
  @Post('between')
  @Bulkhead(5)
  @HttpCode(202)
  @Timeout(5_000)
  async between(): Promise<{ accepted: boolean }> {
    return { accepted: true };
  }

  @UseGuards(RolesGuard)
  @Roles('admin')
  @Get('guarded-below')
  @Retry()
  @Timeout(5_000)
  async guardedBelow(): Promise<string> {
    return 'secret';
  }

  @Retry()
  @Timeout(5_000)
  @Get('guarded-above')
  @UseGuards(RolesGuard)
  @Roles('admin')
  async guardedAbove(): Promise<string> {
    return 'secret';
  }

  @UseGuards(RolesGuard)
  @Retry()
  @Get('guarded-around')
  @Timeout(5_000)
  @Roles('admin')
  async guardedAround(): Promise<string> {
    return 'secret';
  }

  @Get('slow')
  @Timeout(20)
  async slow(): Promise<string> {
    return new Promise(() => {});
  }

  @Get('forecast')
  async forecast(): Promise<string> {
    return this.prices.forecast();
  }

  @Get('history')
  async history(): Promise<number[]> {
    const all: number[] = [];
    for await (const price of this.prices.history()) all.push(price);
    return all;
  }

  @Get('metadata')
  metadata(): Record<string, unknown> {
    const { below, above, guardedAround } = PriceController.prototype;
    const types = Reflect.getMetadata('design:paramtypes', PriceController.prototype, 'below') as { name: string }[];
    return {
      names: [below.name, above.name, guardedAround.name],
      lengths: [below.length, above.length],
      paths: [below, above].map((handler) => Reflect.getOwnMetadata('path', handler)),
      roles: Reflect.getOwnMetadata('roles', guardedAround),
      types: types.map(({ name }) => name),
      returns: (Reflect.getMetadata('design:returntype', PriceController.prototype, 'below') as { name: string }).name,
    };
  }
}
