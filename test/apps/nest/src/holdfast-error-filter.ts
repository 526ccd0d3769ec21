import { ArgumentsHost, Catch, ExceptionFilter } from '@nestjs/common';
import { HoldfastError } from '@holdfast/runtime';

@Catch(HoldfastError)
export class HoldfastErrorFilter implements ExceptionFilter<HoldfastError> {
  catch({ code, policy }: HoldfastError, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<{ status(code: number): { json(body: unknown): void } }>();
    response.status(503).json({ code, policy });
  }
}
