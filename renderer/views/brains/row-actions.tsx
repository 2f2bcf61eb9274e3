import { type LucideIcon, PencilLine, ScrollText, ShieldX } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addressOf } from '../../shell/route.ts';
import type { Paired } from './pairing-cell.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import { RevokeDialog } from './revoke-dialog.tsx';

const ICON_BUTTON =
  'inline-flex size-8 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-text';

/** What can be done with a brain: its rows in the audit log, and for a paired one another name or no pairing any more. */
export function RowActions({ name, paired }: { readonly name: string; readonly paired: Paired | null }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<'rename' | 'revoke' | null>(null);
  const close = () => setShown(null);
  return (
    <span className="inline-flex">
      <AuditLink name={name} />
      {paired === null ? null : (
        <>
          <IconButton Icon={PencilLine} label={t('pairing.rename', { name })} onPress={() => setShown('rename')} />
          <IconButton Icon={ShieldX} label={t('pairing.revoke', { name })} onPress={() => setShown('revoke')} />
          {shown === 'rename' ? <RenameDialog paired={paired} onClose={close} /> : null}
          {shown === 'revoke' ? <RevokeDialog paired={paired} onClose={close} /> : null}
        </>
      )}
    </span>
  );
}

function AuditLink({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  const label = t('brains.showInAudit', { name });
  return (
    <a
      href={addressOf('audit', { q: `client:${quoted(name)}` })}
      aria-label={label}
      title={label}
      className={ICON_BUTTON}
    >
      <ScrollText aria-hidden className="size-4" />
    </a>
  );
}

interface IconButtonProps {
  readonly Icon: LucideIcon;
  readonly label: string;
  readonly onPress: () => void;
}

function IconButton({ Icon, label, onPress }: IconButtonProps) {
  return (
    <button type="button" aria-label={label} title={label} onClick={onPress} className={ICON_BUTTON}>
      <Icon aria-hidden className="size-4" />
    </button>
  );
}

/** A name as a filter's value: with spaces it is quoted. */
function quoted(name: string): string {
  return /[\s"]/.test(name) ? JSON.stringify(name) : name;
}
