export const metatrader = {} as const;
