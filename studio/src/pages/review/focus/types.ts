import type { ReviewRecord } from '../../../api/types'
import type { ReviewStore } from '../store'
import type { ReviewState } from '../types'

/** What every part of the focus panel gets. */
export interface InFocus {
  store: ReviewStore
  row: ReviewRecord
  state: ReviewState
}
