import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { HoldfastErrorFilter } from './holdfast-error-filter.js';
import { PriceController } from './price-controller.js';
import { PriceService } from './price-service.js';

@Module({ controllers: [PriceController], providers: [PriceService] })
class App {}

async function main(): Promise<void> {
  const app = await NestFactory.create(App, { logger: ['error'] });
  app.useGlobalFilters(new HoldfastErrorFilter());
  await app.listen(0, '127.0.0.1');
  console.log(await app.getUrl());
}

void main();
