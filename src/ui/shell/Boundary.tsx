import i18next from 'i18next'
import { Component, type ReactNode } from 'react'
import styles from './Boundary.module.css'

interface BoundaryProps {
  readonly children: ReactNode
}

interface BoundaryState {
  readonly error: string | undefined
}

/**
 * Keeps a failure in the part of the page where it happened: a panel whose code could not be loaded, or a bug of ours,
 * says so and offers a reload, while graph and session go on. React has this for classes only.
 */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { error: undefined }

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { error: error instanceof Error ? error.message : String(error) }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === undefined) return this.props.children
    return (
      <div className={styles.failed} role="alert">
        <p>{i18next.t('error.page', { error })}</p>
        <button
          type="button"
          onClick={() => {
            window.location.reload()
          }}
        >
          {i18next.t('error.reload')}
        </button>
      </div>
    )
  }
}
