import { Check, Copy, type LucideIcon, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAnnounce } from './announcer.tsx';
import { Button } from './button.tsx';

const SHOWN_MS = 2_000;

interface Props {
  readonly text: string;
  /** Says to a screen reader what is copied, where several such buttons stand on a page. */
  readonly label?: string;
  readonly onCopied?: () => void;
}

type Word = 'copy' | 'copied' | 'notCopied';
const ICONS: Readonly<Record<Word, LucideIcon>> = { copy: Copy, copied: Check, notCopied: X };

/** Copies a text, and says for a moment whether it did. */
export function CopyButton({ text, label, onCopied }: Props) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [word, setWord] = useState<Word>('copy');
  useEffect(() => {
    if (word === 'copy') return;
    const timer = setTimeout(() => setWord('copy'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [word]);
  const copy = async () => {
    const now = (await written(text)) ? 'copied' : 'notCopied';
    setWord(now);
    announce(t(`shell.${now}`));
    if (now === 'copied') onCopied?.();
  };
  const Icon = ICONS[word];
  return (
    <Button aria-label={label} onClick={() => void copy()}>
      <Icon aria-hidden className="size-4" />
      {t(`shell.${word}`)}
    </Button>
  );
}

/** A browser may refuse; the text can be selected then. */
async function written(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
