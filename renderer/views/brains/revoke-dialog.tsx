import { useTranslation } from 'react-i18next';
import { useCall } from '../../api/api-context.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import type { Paired } from './pairing-cell.tsx';

/** Ends a pairing. It is in force when the dialog closes; what went wrong stays in it. */
export function RevokeDialog({ paired, onClose }: { readonly paired: Paired; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const { run } = useCall('revoke');
  const { name, label, fingerprint } = paired;
  const revoke = async (reason: string) => {
    const answer = await run({ name, reason });
    if (!answer.ok) return t('shell.failed', { message: answer.error });
    if (!answer.output.revoked) return answer.output.message;
    announce(t('pairing.revoked', { name }));
    return null;
  };
  return (
    <ReasonDialog
      title={t('pairing.revokeTitle', { name: label === name ? name : `${label} (${name})` })}
      confirm={t('pairing.revokeConfirm')}
      onConfirm={revoke}
      onClose={onClose}
    >
      <p>{t('pairing.revokeText')}</p>
      <p className="text-muted">
        {t('pairing.ofBrain')}: <Fingerprint of={fingerprint} />
      </p>
    </ReasonDialog>
  );
}
