import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  holderInProc,
  listeningInodes,
  nameInTasklist,
  pidInNetstat,
} from '../../../../main/control/doctor/port-holder.ts';
import { temporaryFolder } from '../../../fakes/temporary-folder.ts';

const NETSTAT = [
  'Aktive Verbindungen',
  '',
  '  Proto  Lokale Adresse         Remoteadresse          Status           PID',
  '  TCP    127.0.0.1:5555         0.0.0.0:0              ABHÖREN          4711',
  '  TCP    127.0.0.1:5556         127.0.0.1:15555        HERGESTELLT      12',
  '  TCP    [::]:5557              [::]:0                 ABHÖREN          13',
].join('\r\n');

describe('who holds a port', () => {
  it('is found on Linux, by the tables of the system', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    expect(holderInProc(port, '/proc')).toMatchObject({ pid: process.pid });
    expect(holderInProc(port, temporaryFolder())).toBeNull();
  });

  it('counts only sockets that listen', () => {
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 0100007F:15B3 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1',
      '   1: 0100007F:15B3 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 4243 1',
      '   2: 0100007F:15B4 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4244 1',
    ].join('\n');
    expect(listeningInodes(table, 5555)).toEqual(['4242']);
    expect(listeningInodes('', 5555)).toEqual([]);
  });

  it.each([
    [5555, 4711],
    [5557, 13],
    [5556, null],
    [555, null],
  ])('is read from netstat in any language: port %d, process %j', (port, pid) => {
    expect(pidInNetstat(NETSTAT, port)).toBe(pid);
  });

  it.each([
    ['"node.exe","4711","Console","1","50.000 K"\r\n', 'node.exe'],
    ['INFO: No tasks are running which match the specified criteria.\r\n', ''],
  ])('has its name from tasklist: %j', (text, name) => {
    expect(nameInTasklist(text)).toBe(name);
  });
});
