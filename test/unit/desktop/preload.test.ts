import { beforeEach, expect, test } from 'vitest';
import type { FrameLine } from '../../../main/control/frames.ts';
import * as electron from '../../desktop/electron-stand-in.ts';

beforeEach(electron.reset);

test('the window gets the line and nothing else of Electron', async () => {
  await import('../../../preload/index.ts');
  expect([...electron.contextBridge.exposed.keys()]).toEqual(['mt5Fabric']);
  const line = electron.contextBridge.exposed.get('mt5Fabric') as FrameLine;
  expect(Object.keys(line).toSorted()).toEqual(['fetchExport', 'onFrame', 'openPage', 'saveConnection', 'send']);

  line.send({ kind: 'subscribe', topic: 'state' });
  line.openPage('metatrader-download');
  line.fetchExport('a.csv');
  void line.saveConnection('a.connection.json', '{}');
  expect(electron.ipcRenderer.sent).toEqual([
    { channel: 'mt5-fabric:to-gateway', message: { kind: 'subscribe', topic: 'state' } },
    { channel: 'mt5-fabric:open-page', message: 'metatrader-download' },
    { channel: 'mt5-fabric:fetch-export', message: 'a.csv' },
    { channel: 'mt5-fabric:save-connection', message: { file: 'a.connection.json', text: '{}' } },
  ]);

  const heard: unknown[][] = [];
  const end = line.onFrame((...frame) => heard.push(frame));
  electron.ipcRenderer.emit('mt5-fabric:to-screen', { sender: 'secret' }, { kind: 'beat' });
  end();
  electron.ipcRenderer.emit('mt5-fabric:to-screen', { sender: 'secret' }, { kind: 'beat' });
  expect(heard).toEqual([[{ kind: 'beat' }]]);
});
