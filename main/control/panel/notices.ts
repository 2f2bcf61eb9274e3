import type { IncomingHttpHeaders } from 'node:http';
import { CATALOGUES, languageOf } from '../text/index.ts';
import { noticePage } from './notice-page.ts';
import type { PanelReply } from './panel-reply.ts';

/** Why the panel is not shown. */
export type NoticeKind = 'signIn' | 'missing' | 'notFound' | 'wrongHost' | 'foreign' | 'wrongMethod' | 'failed';

const STATUS = {
  ...{ signIn: 403, missing: 503, notFound: 404, wrongHost: 421, foreign: 403, wrongMethod: 405, failed: 500 },
} as const satisfies Record<NoticeKind, number>;

/** The page that says so, in the language that the browser asks for. */
export function notice(kind: NoticeKind, headers: IncomingHttpHeaders): PanelReply {
  const language = wantedLanguage(headers['accept-language'] ?? '');
  const { panel: texts } = CATALOGUES[language];
  const { title, cause } = texts[kind];
  const page = { status: STATUS[kind], title };
  switch (kind) {
    case 'signIn': {
      const { cure, note, again } = texts.signIn;
      return noticePage(
        { ...page, lines: [cause, cure], command: 'mt5-fabric --panel-address', note, link: again },
        language,
      );
    }
    case 'missing':
      return noticePage({ ...page, lines: [cause, texts.missing.cure], command: 'mt5-fabric --status' }, language);
    case 'notFound':
      return noticePage({ ...page, lines: [cause], link: texts.notFound.back }, language);
    case 'wrongMethod':
      return { ...noticePage({ ...page, lines: [cause] }, language), headers: { Allow: 'GET, HEAD' } };
    case 'wrongHost':
    case 'foreign':
    case 'failed':
      return noticePage({ ...page, lines: [cause] }, language);
  }
}

function wantedLanguage(header: string) {
  return languageOf(header.split(',').map((part) => part.split(';')[0]?.trim() ?? ''));
}
