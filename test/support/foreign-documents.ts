/** What real documents of others look like, in small: an older version, keys that are no URLs, references everywhere. */
export function foreignDocuments(): Readonly<Record<string, object>> {
  return { telecom, shipping }
}

const telecom = {
  openapi: '3.0.3',
  info: {
    title: 'Subscriptions',
    version: '1.0.0',
    description: 'Events of devices',
    license: { name: 'Apache 2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0.html' },
  },
  servers: [{ url: '{apiRoot}/subscriptions/v1', variables: { apiRoot: { default: 'https://api.telecom.test' } } }],
  security: [{ openId: ['subscriptions:create'] }],
  tags: [{ name: 'Subscriptions', description: 'Make them' }],
  paths: {
    '/subscriptions': {
      post: {
        tags: ['Subscriptions'],
        summary: 'Subscribe',
        operationId: 'createSubscription',
        parameters: [{ $ref: '#/components/parameters/x-correlator' }],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/SubscriptionRequest' } } },
        },
        callbacks: {
          notifications: {
            '{$request.body#/sink}': {
              post: {
                summary: 'An event',
                operationId: 'postNotification',
                parameters: [{ $ref: '#/components/parameters/x-correlator' }],
                requestBody: {
                  required: true,
                  content: { 'application/cloudevents+json': { schema: { $ref: '#/components/schemas/CloudEvent' } } },
                },
                responses: { 204: { description: 'Taken' }, 400: { $ref: '#/components/responses/Generic400' } },
                security: [{}, { notificationsBearerAuth: [] }],
              },
            },
          },
        },
        responses: {
          201: {
            description: 'Made',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/SubscriptionRequest' } } },
          },
          400: { $ref: '#/components/responses/Generic400' },
        },
      },
    },
  },
  components: {
    securitySchemes: {
      openId: { type: 'openIdConnect', openIdConnectUrl: 'https://api.telecom.test/.well-known/openid-configuration' },
      notificationsBearerAuth: { type: 'http', scheme: 'bearer' },
    },
    parameters: { 'x-correlator': { name: 'x-correlator', in: 'header', schema: { type: 'string' } } },
    responses: {
      Generic400: {
        description: 'Bad',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/ErrorInfo' } } },
      },
    },
    schemas: {
      ErrorInfo: {
        type: 'object',
        required: ['status'],
        properties: { status: { type: 'integer', format: 'int32' }, message: { type: 'string', nullable: true } },
      },
      SubscriptionRequest: {
        type: 'object',
        required: ['sink'],
        properties: { sink: { type: 'string', format: 'uri' } },
      },
      CloudEvent: {
        type: 'object',
        required: ['id', 'type'],
        properties: { id: { type: 'string' }, type: { type: 'string' }, data: { type: 'object' } },
        discriminator: { propertyName: 'type', mapping: { 'org.roaming': '#/components/schemas/EventRoaming' } },
      },
      EventRoaming: {
        allOf: [
          { $ref: '#/components/schemas/CloudEvent' },
          { type: 'object', properties: { device: { $ref: '#/components/schemas/Device' } } },
        ],
      },
      Device: {
        type: 'object',
        properties: { phoneNumber: { type: 'string' }, parent: { $ref: '#/components/schemas/Device' } },
      },
    },
  },
}

const shipping = {
  openapi: '3.1.0',
  info: { title: 'Shipments', version: '3', license: { name: 'MIT', identifier: 'MIT' } },
  servers: [{ url: 'https://api.shipping.test' }],
  paths: {
    '/watch/{shipment}': {
      parameters: [{ name: 'shipment', in: 'path', required: true, schema: { type: 'integer', format: 'int64' } }],
      post: {
        operationId: 'watchShipment',
        security: [],
        responses: { 202: { description: 'Watched' }, 404: { description: 'Unknown' } },
        callbacks: {
          moved: {
            'https://hooks.partner.test/shipments/{$request.path.shipment}/moves?at={$request.header.x-place}': {
              put: {
                summary: 'A shipment has moved',
                operationId: 'shipmentMoved',
                security: [],
                requestBody: {
                  content: {
                    'application/json': {
                      schema: { type: ['object', 'null'], properties: { place: { type: 'string' } } },
                    },
                  },
                },
                responses: { '2XX': { description: 'Taken' }, 410: { description: 'No more' } },
              },
            },
          },
          lost: { $ref: '#/components/callbacks/Lost' },
        },
      },
    },
  },
  components: {
    callbacks: {
      Lost: { '$request.body#/lostUrl': { $ref: '#/components/pathItems/LostItem' } },
    },
    pathItems: {
      LostItem: {
        post: {
          summary: 'A shipment is lost',
          operationId: 'shipmentLost',
          security: [],
          responses: { 200: { description: 'Taken' }, 404: { description: 'Unknown' } },
        },
      },
    },
  },
}
