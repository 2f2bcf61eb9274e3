/** A pending or ended order of an account. */
export interface AccountOrder {
  readonly ticket: number;
  /** As the gateway wrote it. */
  readonly comment: string;
  readonly state: string;
  readonly volumeInitialLots: number;
  /** Unix milliseconds. */
  readonly doneAtMs: number;
}

/** A deal of an account. */
export interface AccountDeal {
  readonly ticket: number;
  readonly order: number;
  /** As the gateway wrote it. */
  readonly comment: string;
  readonly volumeLots: number;
}

/** What a broker knows of an account, whoever asked for it: every order and deal that ever was, and the open positions. */
export interface AccountEvidence {
  readonly orders: ReadonlyMap<number, AccountOrder>;
  readonly deals: ReadonlyMap<number, AccountDeal>;
  readonly positions: ReadonlySet<number>;
  /** Orders that carry a tag. */
  ordersOf(tag: string): readonly AccountOrder[];
  /** Lots that were dealt for an order. */
  filledLots(order: AccountOrder): number;
  /** Tags of all orders; those of a flatten are not commands and left out. */
  commandTags(): readonly string[];
}
