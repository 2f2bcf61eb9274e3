import { createHash } from 'node:crypto';
import type { Language } from '../text/index.ts';
import { noticePolicy, type PanelReply } from './panel-reply.ts';

/** What a page says that stands in place of the panel. */
export interface Notice {
  readonly status: number;
  readonly title: string;
  /** Sentences, one a paragraph. */
  readonly lines: readonly string[];
  /** A command to run, and what is said of it after it. */
  readonly command?: string;
  readonly note?: string;
  /** The text of a link to the panel. */
  readonly link?: string;
}

const STYLE = `
:root { color-scheme: light dark; --page: #f4f5f6; --card: #fff; --text: #1b1f24; --muted: #59626d; --fine: #0b5cad }
@media (prefers-color-scheme: dark) {
  :root { --page: #15181c; --card: #1d2126; --text: #e6e9ec; --muted: #9aa4af; --fine: #7db7ff }
}
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 34rem; margin: 12vh auto 0; padding: 2rem; background: var(--card); border-radius: 8px }
.product { margin: 0 0 1.5rem; color: var(--muted); font-size: .875rem }
h1 { margin: 0 0 .75rem; font-size: 1.375rem; line-height: 1.3 }
p { margin: 0 0 .75rem }
pre { margin: 0 0 .75rem; padding: .75rem 1rem; background: var(--page); border-radius: 6px; overflow-x: auto }
.note { color: var(--muted) }
a { color: var(--fine) }
a:focus-visible { outline: 2px solid var(--fine); outline-offset: 3px }
`;
const POLICY = noticePolicy(createHash('sha256').update(STYLE).digest('base64'));

/** The notice as a page that needs nothing else: no script, no other file. */
export function noticePage(notice: Notice, language: Language): PanelReply {
  const { status, title, lines, command, note, link } = notice;
  const parts = [
    ...lines.map((line) => `<p>${escaped(line)}</p>`),
    ...(command === undefined ? [] : [`<pre><code>${escaped(command)}</code></pre>`]),
    ...(note === undefined ? [] : [`<p class="note">${escaped(note)}</p>`]),
    ...(link === undefined ? [] : [`<p><a href="/">${escaped(link)}</a></p>`]),
  ];
  const body = `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escaped(title)} - MT5 Fabric</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="product">MT5 Fabric</p>
<h1>${escaped(title)}</h1>
${parts.join('\n')}
</main>
</body>
</html>
`;
  return { status, policy: POLICY, type: 'text/html; charset=utf-8', body };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
}
