import { createRoot } from 'react-dom/client';
import { App } from '../../../renderer/app.tsx';
import '../../../renderer/style/index.css';
import { FakeApi } from '../fake-api.ts';

// The screen without a gateway, on the values of an ordinary day; `fake` in the browser's console pushes others.
const fake = new FakeApi();
Object.assign(window, { fake });
createRoot(document.getElementById('root')!).render(<App api={fake} />);
