/** Command channel of the original gateway: REQ/REP. */
export const ZMQ_PORT_CMD = 5555;
/** Data channel of the original gateway: PUB/SUB, one tick a frame. */
export const ZMQ_PORT_DATA = 5556;
/** Event channel of protocol 1.1: PUB/SUB, one event a frame. */
export const ZMQ_PORT_EVENTS = 5557;
/** The gateway's address in the original installation: the brain's default host. */
export const GATEWAY_IP_INTERNAL = '172.19.141.255';
/** Protocol version that this program speaks; 1.0 is a subset of it. */
export const PROTOCOL_VERSION = '1.1';
/** Name of the service in a HEARTBEAT reply, as the original gateway gives it. */
export const SERVICE_NAME = 'MT5 Gateway';

/** How long a client waits for a reply, in milliseconds. */
export const COMMAND_TIMEOUT_MS = 2_000;
/** A request's body may be this long, in bytes; a longer one is answered TOO_LARGE. */
export const MAX_BODY_BYTES = 64 * 1024;
/** Beyond this, in bytes, libzmq closes the connection without a reply. */
export const MAX_FRAME_BYTES = 128 * 1024;
/** How deep objects and lists in a request may nest. */
export const MAX_JSON_DEPTH = 32;
/** A `req_id` has 1 to this many characters. */
export const MAX_REQ_ID_LENGTH = 128;
/** `req_id` of a reply to a request in which none could be read. */
export const UNKNOWN_REQ_ID = 'unknown';
/** Name shared by all clients that give no `client_id`. */
export const ANONYMOUS_CLIENT = 'anonymous';
/** Name under which the gateway's own HEARTBEAT at its start appears. */
export const SELF_TEST_CLIENT = 'self-test';
/** Name under which requests count that did not prove whose they are. */
export const UNPROVEN_CLIENT = 'unproven';
