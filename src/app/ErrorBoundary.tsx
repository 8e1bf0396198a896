/** If drawing fails, the text of the editor is still there, and so are a way out and a way to tell us. */
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { copyText } from './copyText.ts';
import { session } from './live.ts';

interface State {
  readonly error: Error | null;
}

export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <main className="trouble" role="alert">
        <h1>Folioscope made a mistake while drawing.</h1>
        <p>{error.message}. Your text is kept. Go on from here, or copy the text and start again.</p>
        <p className="row">
          <button type="button" className="button button-main" onClick={() => this.setState({ error: null })}>
            Go on
          </button>
          <button
            type="button"
            className="button"
            onClick={() =>
              void copyText(`${session.store.getState().text}\n\n# ${error.stack ?? error.message}`)
            }
          >
            Copy text and error
          </button>
          <a className="button" href="#/" onClick={() => setTimeout(() => location.reload())}>
            Start again
          </a>
        </p>
      </main>
    );
  }
}
