// Which of its shells `npm start` opens: pure decisions, which start.mjs carries out.

/** The panel's port where nobody has asked for another. */
export const USUAL_PANEL_PORT = 8555;

/** Words that say by themselves what is to run; `--json` is for programs, which look at no window. */
export const ASKING_WORDS = [
  ...[
    '--brain',
    '--audit',
    '--settings',
    '--headless',
    '--install-bridge',
    '--doctor',
    '--help',
    '--version',
    '--json',
  ],
  ...[
    '--kill',
    '--halt',
    '--resume',
    '--status',
    '--close',
    '--take-out',
    '--end-lease',
    '--decide',
    '--pair',
    '--revoke',
    '--rename',
    '--clients',
    '--panel-address',
  ],
];

/** Exit codes of the program itself: whatever ends with another has never become it. */
const OWN_CODES = [0, 1, 64, 70, 75, 78];
const STARTED_AFTER_MS = 10_000;
/** Signals by which a person, or the system, ends it on purpose. */
const MEANT_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'];

/**
 * The shell for these words on this machine. `findRuntime` is asked last, since it may have to wait; it tells the
 * executable of Electron, or why there is none.
 */
export function chooseShell({ words, platform, environment, isRoot }, findRuntime) {
  if (words.some((word) => ASKING_WORDS.includes(word))) return { shell: 'asked' };
  if (platform === 'linux' && !environment.DISPLAY && !environment.WAYLAND_DISPLAY) {
    return { shell: 'headless', why: 'there is no display' };
  }
  if (platform === 'linux' && isRoot) return { shell: 'headless', why: 'Electron does not run as root' };
  const runtime = findRuntime();
  if ('missing' in runtime) return { shell: 'headless', why: runtime.missing };
  return { shell: 'desktop', executable: runtime.executable };
}

/** Whether the headless gateway is to be told a port for its panel: not where somebody has. */
export function wantsPanelPort(words, environment) {
  const isTold = words.some((word) => word === '--panel-port' || word.startsWith('--panel-port='));
  return !isTold && !environment.MT5_FABRIC_PANEL_PORT;
}

/** Whether an Electron that ended like this cannot run on this machine at all: a library or its sandbox is missing. */
export function couldNotRun({ code, signal, afterMs }) {
  if (afterMs > STARTED_AFTER_MS) return false;
  if (signal !== null) return !MEANT_SIGNALS.includes(signal);
  return !OWN_CODES.includes(code);
}
