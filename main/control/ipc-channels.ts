/** Channels between window and main process. A file of its own, so that the preload bundle takes nothing else of the gateway. */
export const CHANNELS = {
  /** Frames of a screen. */
  toGateway: 'mt5-fabric:to-gateway',
  toScreen: 'mt5-fabric:to-screen',
  /** What only a window can ask of its shell. */
  openPage: 'mt5-fabric:open-page',
  fetchExport: 'mt5-fabric:fetch-export',
  saveConnection: 'mt5-fabric:save-connection',
} as const;
