import type { Catalogue } from '../catalogue.js';

/**
 * Packages that wait to be called, or that only arrange what others do: a call into one is no outbound call, whatever
 * else their code can reach. Without a row the code of the package itself would be asked.
 */
export const frameworks: Catalogue = [
  '@apollo/server',
  '@fastify/core',
  '@hapi/hapi',
  '@nestjs/bull',
  '@nestjs/bullmq',
  '@nestjs/cache-manager',
  '@nestjs/common',
  '@nestjs/config',
  '@nestjs/core',
  '@nestjs/mongoose',
  '@nestjs/platform-express',
  '@nestjs/platform-fastify',
  '@nestjs/schedule',
  '@nestjs/swagger',
  '@nestjs/testing',
  '@nestjs/typeorm',
  'apollo-server',
  'apollo-server-express',
  'express',
  'fastify',
  'hono',
  'http-terminator',
  'koa',
  'next',
  'passport',
  'polka',
  'restify',
  'socket.io',
  'vite',
  'vitest',
].map((module) => ({ module }));
