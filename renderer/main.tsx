import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import * as z from 'zod';
import { openApi } from './api/open-api.ts';
import { App } from './app.tsx';
import './style/index.css';

// The content security policy forbids compiled schemas.
z.config({ jitless: true });

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
createRoot(root).render(
  <StrictMode>
    <App api={openApi(window)} />
  </StrictMode>,
);
