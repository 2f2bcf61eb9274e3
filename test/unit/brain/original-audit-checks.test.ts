import { describe, expect, it } from 'vitest';
import {
  Action,
  GATEWAY_IP_INTERNAL,
  ResponseStatus,
  ZMQ_PORT_CMD,
  ZMQ_PORT_DATA,
  ZmqClient,
  createRequest,
  createResponse,
  getZmqClient,
  validateRequest,
  validateResponse,
} from '../../../main/brain/index.ts';

// The seven audit checks of the original system, under their own names.
describe("the original's audit checks", () => {
  it('test_audit_constants', () => {
    expect(ZMQ_PORT_CMD).toBe(5555);
    expect(ZMQ_PORT_DATA).toBe(5556);
    expect(GATEWAY_IP_INTERNAL).toBe('172.19.141.255');
  });

  it('test_audit_actions', () => {
    const original = ['HEARTBEAT', 'OPEN_ORDER', 'CLOSE_POSITION', 'GET_ACCOUNT_INFO', 'GET_POSITIONS', 'KILL_SWITCH'];
    for (const name of original) expect(Action).toHaveProperty(name, name);
    expect(Object.keys(Action).slice(0, 6)).toEqual(original);
  });

  it('test_audit_response_status', () => {
    expect(ResponseStatus).toEqual({ SUCCESS: 'SUCCESS', ERROR: 'ERROR', PENDING: 'PENDING' });
  });

  it('test_audit_create_request', () => {
    const beforeS = Date.now() / 1000;
    const request = createRequest(Action.OPEN_ORDER, { symbol: 'EURUSD' });
    expect(Object.keys(request)).toEqual(['action', 'req_id', 'timestamp', 'payload']);
    expect(request).toMatchObject({ action: 'OPEN_ORDER', payload: { symbol: 'EURUSD' } });
    expect(request.req_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(request.timestamp).toBeGreaterThanOrEqual(beforeS);
    expect(request.timestamp).toBeLessThanOrEqual(Date.now() / 1000);
    expect(createRequest(Action.HEARTBEAT).payload).toEqual({});
    expect(createRequest(Action.HEARTBEAT, {}, 'mine').req_id).toBe('mine');
    const ids = new Set(Array.from({ length: 1_000 }, () => createRequest(Action.HEARTBEAT).req_id));
    expect(ids.size).toBe(1_000);
  });

  it('test_audit_create_response', () => {
    const response = createResponse('r1', ResponseStatus.SUCCESS, { ticket: 5 });
    expect(Object.keys(response)).toEqual(['req_id', 'status', 'timestamp', 'data', 'error']);
    expect(response).toMatchObject({ req_id: 'r1', status: 'SUCCESS', data: { ticket: 5 }, error: null });
    expect(createResponse('r1', ResponseStatus.ERROR, {}, 'No money').error).toBe('No money');
    expect(createResponse('r1', ResponseStatus.SUCCESS).data).toEqual({});
  });

  it('test_audit_validators', () => {
    const request = createRequest(Action.HEARTBEAT);
    const response = createResponse('r1', ResponseStatus.SUCCESS);
    expect(validateRequest(request)).toBe(true);
    expect(validateResponse(response)).toBe(true);
    for (const key of Object.keys(request)) expect(validateRequest({ ...request, [key]: undefined }), key).toBe(false);
    for (const key of Object.keys(response)) {
      expect(validateResponse({ ...response, [key]: undefined }), key).toBe(false);
    }
    for (const other of [null, undefined, 5, 'text', []]) {
      expect(validateRequest(other)).toBe(false);
      expect(validateResponse(other)).toBe(false);
    }
  });

  it('test_audit_client_instantiation', () => {
    const client = new ZmqClient();
    expect(client.settings).toEqual({
      host: '172.19.141.255',
      reqPort: 5555,
      subPort: 5556,
      eventPort: 5557,
      timeoutMs: 2_000,
      clientId: null,
      pairing: null,
    });
    client.close();
    const shared = getZmqClient();
    expect(getZmqClient()).toBe(shared);
    shared.close();
    expect(getZmqClient()).not.toBe(shared);
    getZmqClient().close();
  });
});
