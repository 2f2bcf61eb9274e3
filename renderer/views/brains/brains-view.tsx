import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTopic } from '../../api/api-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ClientsCard } from './clients-card.tsx';
import { PairDialog } from './pair/pair-dialog.tsx';
import { RefusedConnections } from './refused-connections.tsx';
import { SecurityLine } from './security-line.tsx';
import { SeenAddresses } from './seen-addresses.tsx';
import { UnknownCommands } from './unknown-commands.tsx';

/** Who talks to the gateway and who may: how each brain is, its pairing, its lease, and commands of unknown outcome. */
export function BrainsView() {
  const { t } = useTranslation();
  const network = useTopic('network')?.value ?? null;
  const [isPairing, setPairing] = useState(false);
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-col gap-1">
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
          <h1 className="text-lg font-semibold">{t('shell.views.brains')}</h1>
          {network === null ? null : <Button onClick={() => setPairing(true)}>{t('pairing.open')}</Button>}
        </div>
        <SecurityLine />
        <RefusedConnections />
      </div>
      <UnknownCommands />
      <ClientsCard />
      <SeenAddresses />
      {isPairing && network !== null ? <PairDialog network={network} onClose={() => setPairing(false)} /> : null}
    </div>
  );
}
