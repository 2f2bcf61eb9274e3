import type { TFunction } from 'i18next';
import { OctagonX } from 'lucide-react';
import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHearing, useTopic } from '../api/api-context.tsx';
import { usePreferences } from '../preferences/preferences.tsx';
import { Button } from '../ui/button.tsx';
import { ARMING_MS, type KillStage, killStage } from './kill-stage.ts';
import { leftInWords } from './left-in-words.ts';
import { useStopping } from './stopping.tsx';

/** Stands in the header of every view. One button for both steps, so that the focus stays where the second press is. */
export function KillControl() {
  const { t } = useTranslation();
  const { stop } = useStopping();
  const button = useRef<HTMLButtonElement>(null);
  const stage = useStage();
  const { killAtOnce } = usePreferences();
  const press = () => {
    if (stage.kind === 'halt') stop(stage.all);
    if (stage.kind === 'close') stop(true);
  };
  useShortcut(() => {
    button.current?.focus();
    // It is the first press: it closes only where one press does.
    if (stage.kind === 'halt' || killAtOnce) press();
  });
  const isOff = stage.kind !== 'halt' && stage.kind !== 'close';
  const isLoud = stage.kind === 'close' || stage.kind === 'arming' || stage.kind === 'closing';
  return (
    <Button
      ref={button}
      look={isLoud ? 'danger' : 'plain'}
      disabled={isOff}
      aria-busy={stage.kind === 'stopping' || stage.kind === 'closing'}
      aria-keyshortcuts="Control+Shift+K"
      title={hintOf(stage, t)}
      onClick={press}
      onKeyDown={ignoreHeldKey}
      className="min-w-40 shrink-0"
    >
      <OctagonX aria-hidden className={`size-4 shrink-0 ${isLoud ? '' : 'text-halted'}`} />
      {wordsOf(stage, t)}
    </Button>
  );
}

function useStage(): KillStage {
  const hearing = useHearing();
  const state = useTopic('state')?.value.state ?? null;
  const book = useTopic('book')?.value ?? null;
  const { killAtOnce } = usePreferences();
  const { isStopping, presses } = useStopping();
  const isHalted = hearing === 'up' && state?.mode === 'HALTED';
  const isArmed = useArmed(isHalted ? presses : null);
  return killStage({ state, hearing, book, isStopping, isArmed, killAtOnce });
}

/** True once `halt` has been the same for a while: a press, or a halt from elsewhere, begins that anew. */
function useArmed(halt: number | null): boolean {
  const [armedFor, setArmedFor] = useState<number | null>(null);
  useEffect(() => {
    if (halt === null) return;
    const timer = setTimeout(() => setArmedFor(halt), ARMING_MS);
    return () => {
      clearTimeout(timer);
      setArmedFor(null);
    };
  }, [halt]);
  return halt !== null && armedFor === halt;
}

/** Ctrl+Shift+K anywhere in the window, once however long it is held. */
function useShortcut(act: () => void): void {
  const press = useEffectEvent((event: globalThis.KeyboardEvent) => {
    const isK = event.code === 'KeyK' || event.key.toLowerCase() === 'k';
    if (!isK || !event.ctrlKey || !event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (!event.repeat) act();
  });
  useEffect(() => {
    const listen = (event: globalThis.KeyboardEvent) => press(event);
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  }, []);
}

/** A key that is held down presses a button again and again: that must not become the second press. */
function ignoreHeldKey(event: KeyboardEvent): void {
  if (event.repeat && event.key === 'Enter') event.preventDefault();
}

function wordsOf(stage: KillStage, t: TFunction): string {
  switch (stage.kind) {
    case 'halt':
      return t(stage.all ? 'kill.haltAll' : 'kill.halt');
    case 'stopping':
      return t('kill.stopping');
    case 'arming':
    case 'close':
      return stage.left === null ? t('kill.closeAll') : t('kill.close', { what: leftInWords(stage.left, t) });
    case 'closing':
      return t('kill.closing');
    case 'nothing':
      return t('kill.nothing');
  }
}

function hintOf(stage: KillStage, t: TFunction): string | undefined {
  if (stage.kind === 'halt') return t(stage.all ? 'kill.hintAll' : 'kill.hint');
  return stage.kind === 'close' ? t('kill.closeHint') : undefined;
}
