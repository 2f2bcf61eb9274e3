// The fuses of the packaged program, as they must be in its file: what electron-builder.yml asks for, said once more, so
// that one of the two alone cannot change them.
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';

/** On or off, by the name that Electron gives it. */
export const RELEASE_FUSES = {
  // The local commands are the program run as Node.
  RunAsNode: true,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  // Playwright drives a test build through the inspector.
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
  // As Electron delivers it: only the speed of WebAssembly depends on it.
  WasmTrapHandlers: true,
};

/** What is wrong with the fuses of a program's file, one line each; a fuse that nobody has decided on is wrong too. */
export async function fuseFaults(executable, isTestBuild = false) {
  const wanted = { ...RELEASE_FUSES, ...(isTestBuild ? { EnableNodeCliInspectArguments: true } : {}) };
  const { version: _version, ...wire } = await getCurrentFuseWire(executable);
  const names = new Set([...Object.keys(wanted), ...Object.keys(wire).map((index) => FuseV1Options[index] ?? index)]);
  return [...names].flatMap((name) => {
    if (!(name in wanted)) return [`the fuse ${name} is new: decide on it`];
    const state = wire[FuseV1Options[name]];
    const isRight = state === (wanted[name] ? FuseState.ENABLE : FuseState.DISABLE);
    return isRight ? [] : [`the fuse ${name} is not ${wanted[name] ? 'on' : 'off'}`];
  });
}
