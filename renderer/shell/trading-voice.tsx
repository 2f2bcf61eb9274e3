import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useTopic } from '../api/api-context.tsx';
import { useAnnounce } from '../ui/announcer.tsx';
import { causesInOrder, type ModeWord } from './mode-view.ts';
import { useModeView } from './use-mode-view.ts';

/** Says each change of the trading state to a screen reader at once, and keeps it in the window's title. */
export function TradingVoice() {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const { word } = useModeView();
  const state = useTopic('state')?.value.state;
  const cause = state === undefined || word === 'TRADING' || word === 'UNKNOWN' ? undefined : causesInOrder(state)[0];
  const why = cause === undefined ? '' : t('kill.banner.cause', { actor: cause.actor, reason: cause.reason });
  const said = useRef<ModeWord | null>(null);
  useEffect(() => {
    const product = t('shell.product');
    document.title = word === 'TRADING' ? product : t('shell.title', { word: t(`shell.mode.${word}`), product });
    // A screen that opens is read from its top: only what it then finds changed, or wrong, is called out.
    const before = said.current;
    const isOpening = before === null && word === 'UNKNOWN';
    if (word === before || isOpening) return;
    said.current = word;
    if (before === null && word === 'TRADING') return;
    announce(t('kill.announced', { word: t(`shell.mode.${word}`), why }).trim(), 'assertive');
  }, [announce, t, word, why]);
  return null;
}
