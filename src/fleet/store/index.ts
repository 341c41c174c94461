export { kindOfStore, readStoreAddress, type StoreAddress, type StoreKind } from "./address.ts";
export { Newest } from "./newest.ts";
export {
  type ChangeSettings,
  type Ended,
  type HostAccess,
  type HostStore,
  MOST_CREDENTIALS,
  type OperatedStore,
  type OperatorStore,
  type StoreState,
} from "./ports.ts";
export { formatPublication, MOST_PUBLICATION, readPublication } from "./publication.ts";
export {
  formatReceipt,
  type HostReceipt,
  MOST_REASON,
  MOST_RECEIPT,
  readHostName,
  readReceipt,
} from "./receipt.ts";
export { readSettings } from "./settings.ts";
export {
  type Doubt,
  judgeReceipt,
  listDigest,
  readReceiptKey,
  receiptKeyOf,
  type StoredReceipt,
  signStatement,
} from "./signed-receipt.ts";
export { StateTeller, waitMs } from "./state-teller.ts";
export { storeFailure, unanswered, unheard } from "./store-failure.ts";
