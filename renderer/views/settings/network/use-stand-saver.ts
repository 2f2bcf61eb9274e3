import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ControlInput } from '../../../../main/control/contract.ts';
import { useCall } from '../../../api/api-context.tsx';
import { useAnnounce } from '../../../ui/announcer.tsx';
import { useSettingTexts } from '../setting-texts.ts';
import type { Stand } from './stand.ts';

type Changes = ControlInput<'saveSettings'>['changes'];

/** As the gateway is without any settings. */
const CLOSED: Changes = { security: null, host: null, allow_from: null, accept_unencrypted: null };

/** Saves how the gateway is to stand in the network, all of it at once. */
export function useStandSaver(onSaved: () => Promise<void>) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const { labelOf } = useSettingTexts();
  const { run, busy } = useCall('saveSettings');
  const [outcome, setOutcome] = useState<{ readonly isRefused: boolean; readonly text: string } | null>(null);

  /** Null when it is saved, else why it is not. */
  const save = async (changes: Changes): Promise<string | null> => {
    setOutcome(null);
    const answer = await run({ changes });
    if (!answer.ok) return t('shell.failed', { message: answer.error });
    if (!answer.output.saved) {
      const faults = Object.entries(answer.output.faults).map(([name, what]) => `${labelOf(name)}: ${what}`);
      return t('network.dialog.refused', { message: faults.join('; ') });
    }
    await onSaved();
    return null;
  };
  const tell = (text: string) => {
    setOutcome({ isRefused: false, text });
    announce(text);
  };
  return {
    busy,
    said: outcome?.text ?? null,
    isRefused: outcome?.isRefused ?? false,
    open: async (stand: Stand): Promise<string | null> => {
      const refused = await save(changesFor(stand));
      if (refused === null) tell(t('network.card.opened'));
      return refused;
    },
    close: async (): Promise<void> => {
      const refused = await save(CLOSED);
      if (refused === null) tell(t('network.card.closed'));
      else setOutcome({ isRefused: true, text: refused });
    },
  };
}

/** The consent is given anew with each opening, and stays with the mode that needs it. */
function changesFor({ security, host, allowFrom }: Stand): Changes {
  if (security === 'plain-network') return { security, host, allow_from: [...allowFrom], accept_unencrypted: true };
  return { ...CLOSED, security, host };
}
