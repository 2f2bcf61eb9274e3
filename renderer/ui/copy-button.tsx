import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAnnounce } from './announcer.tsx';
import { Button } from './button.tsx';

const SHOWN_MS = 2_000;

interface Props {
  readonly text: string;
  /** Says to a screen reader what is copied, where several such buttons stand on a page. */
  readonly label?: string;
}

/** Copies a text, and says for a moment that it did. */
export function CopyButton({ text, label }: Props) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async () => {
    if (!(await written(text))) return;
    setCopied(true);
    announce(t('shell.copied'));
  };
  const Icon = isCopied ? Check : Copy;
  return (
    <Button aria-label={label} onClick={() => void copy()}>
      <Icon aria-hidden className="size-4" />
      {isCopied ? t('shell.copied') : t('shell.copy')}
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
