import { each, type CatalogueModule } from '../catalogue.js';

/** A message of QoS 1 or 2 waits for its acknowledgement for ever. */
export const mqtt: CatalogueModule = {
  module: 'mqtt',
  kind: 'broker',
  docs: 'https://github.com/mqttjs/MQTT.js#api',
  exports: {
    connect: { makes: 'MqttClient', options: [0, 1] },
    connectAsync: { effect: 'read', makes: 'MqttClient', options: [0, 1] },
  },
  types: {
    MqttClient: {
      constructed: { options: 1 },
      members: {
        publish: { effect: 'write', returnsAtOnce: true },
        publishAsync: { effect: 'write' },
        ...each('subscribe unsubscribe', { effect: 'idempotent-write', returnsAtOnce: true }),
        ...each('subscribeAsync unsubscribeAsync', { effect: 'idempotent-write' }),
        ...each('end endAsync on once reconnect connect connected removeOutgoingMessage', {}),
      },
    },
  },
};
