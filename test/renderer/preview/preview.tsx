import { createRoot } from 'react-dom/client';
import { App } from '../../../renderer/app.tsx';
import '../../../renderer/style/index.css';
import { FakeApi } from '../fake-api.ts';
import { encryptedNetwork, pairingOf, plainNetwork } from '../network-values.ts';
import { ordinarySettings } from '../values.ts';

// The screen without a gateway, on the values of an ordinary day; `fake` in the browser's console pushes others.
// `?network=encrypted&language=zh-CN&theme=dark` instead of a closed gateway and the settings of an ordinary day.
const wanted = new URLSearchParams(window.location.search);
const settings = ordinarySettings.settings.map((one) => ({ ...one, value: wanted.get(one.name) ?? one.value }));
const fake = new FakeApi({
  settings: () => ({ ...ordinarySettings, settings }),
  saveSettings: ({ changes }) => ({ saved: true, restart: Object.keys(changes) }),
  pair: pairingOf,
  revoke: ({ name }) => ({ revoked: false, message: `"${name}" is not paired` }),
  rename: ({ name }) => ({ renamed: false, message: `"${name}" is not paired` }),
});
if (wanted.get('network') === 'encrypted') fake.push('network', encryptedNetwork);
if (wanted.get('network') === 'plain') fake.push('network', plainNetwork);
Object.assign(window, { fake });
createRoot(document.getElementById('root')!).render(<App api={fake} />);
