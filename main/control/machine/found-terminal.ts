import type { InstallState } from '../../mt5/terminal/install/inspect.ts';
import type { ControlOutput } from '../contract.ts';

type FoundTerminal = ControlOutput<'terminals'>['terminals'][number];

/** A terminal of this machine and the program in it, in the operator's contract. */
export function foundTerminalView(state: InstallState, offeredVersion: string): FoundTerminal {
  const { terminal, version, sources, isCompiled, token, preset } = state;
  return {
    folder: terminal.dataFolder,
    install_folder: terminal.installFolder,
    installed_version: version,
    offered_version: offeredVersion,
    is_current: sources === 'right' && isCompiled && token === 'right' && preset === 'right',
    missing: missing(state, offeredVersion),
  };
}

function missing(state: InstallState, offeredVersion: string): string[] {
  const { terminal, version, sources, isCompiled, token, preset } = state;
  const gone = terminal.installFolder === null ? ['MetaTrader itself is no longer where this folder says'] : [];
  if (version === null) return [...gone, 'the bridge program is not installed'];
  const other =
    version === offeredVersion
      ? 'files of the bridge program are not as they were installed'
      : `version ${version} of the bridge program is installed, this gateway brings ${offeredVersion}`;
  return [
    ...gone,
    ...(sources === 'right' ? [] : [other]),
    ...(isCompiled ? [] : ['the bridge program is not compiled']),
    ...(token === 'right' ? [] : ["this gateway's token is not there, so that the program cannot link"]),
    ...(preset === 'right' ? [] : ["the program's inputs are not as the settings have pipe and port"]),
  ];
}
