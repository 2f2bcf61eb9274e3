/** The client library of MT5 Fabric, and its command line. */
export { Action } from '../protocol/actions.ts';
export {
  COMMAND_TIMEOUT_MS,
  GATEWAY_IP_INTERNAL,
  PROTOCOL_VERSION,
  ZMQ_PORT_CMD,
  ZMQ_PORT_DATA,
  ZMQ_PORT_EVENTS,
} from '../protocol/constants.ts';
export type { ConnectionFile, Role } from '../protocol/connection-file.ts';
export type { EventKind, FabricEvent } from '../protocol/events.ts';
export type { JsonObject, JsonValue } from '../protocol/json-value.ts';
export { ResponseStatus } from '../protocol/status.ts';
export type { WireTick } from '../protocol/ticks.ts';
export { readConnectionFile } from './connection-file.ts';
export { ClientClosed, CommandRefused, CommandTimeout, ConnectionFileError } from './errors.ts';
export {
  createRequest,
  createResponse,
  validateRequest,
  validateResponse,
  type Request,
  type Response,
} from './messages.ts';
export type { ClientSettings, ZmqClientOptions } from './options.ts';
export type { Pairing } from './pairing.ts';
export type { PayloadMap, PayloadOf } from './payload-types.ts';
export type * from './reply-types.ts';
export { getZmqClient } from './shared-client.ts';
export type * from './strategy/strategy.ts';
export type { TickStream } from './tick-stream.ts';
export type { WireStream } from './wire-stream.ts';
export { ZmqClient, type CommandOptions, type EventOptions, type TickOptions } from './zmq-client.ts';
export type { BrainIo } from './cli/brain-io.ts';
export { runBrain } from './cli.ts';
