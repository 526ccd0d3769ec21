// What a compiler emits for a method with decorators, by hand: Node has no decorators of its own yet.

/** As TC39 decorators: each gets the method and a context, and returns its replacement. */
export function applyStandard(operation, decorators) {
  const Service = serviceOf(operation);
  const initializers = [];
  const context = {
    kind: 'method',
    name: 'answer',
    static: false,
    private: false,
    access: { has: (object) => 'answer' in object, get: (object) => object.answer },
    metadata: {},
    addInitializer: (initializer) => initializers.push(initializer),
  };
  const decorated = decorators.reduceRight(
    (method, decorator) => decorator(method, context) ?? method,
    Service.prototype.answer,
  );
  Object.defineProperty(Service.prototype, 'answer', { value: decorated, writable: true, configurable: true });
  const service = new Service();
  for (const initializer of initializers) initializer.call(service);
  return () => service.answer();
}

/** As `experimentalDecorators`: each gets the prototype, the key and the property's descriptor. */
export function applyLegacy(operation, decorators) {
  const Service = serviceOf(operation);
  const descriptor = decorators.reduceRight(
    (current, decorator) => decorator(Service.prototype, 'answer', current) ?? current,
    Object.getOwnPropertyDescriptor(Service.prototype, 'answer'),
  );
  Object.defineProperty(Service.prototype, 'answer', descriptor);
  const service = new Service();
  return () => service.answer();
}

function serviceOf(operation) {
  return class Service {
    answer() {
      return operation();
    }
  };
}
