/** The console's entry: tokens, stores, the line to the gate, the page. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '@mantine/core/styles.css'
import './styles/base.css'
import './styles/frame.css'
import './styles/list.css'
import './styles/detail.css'
import './styles/pane.css'
import './styles/palette.css'
import './styles/dialogs.css'
import './styles/rules.css'
import './styles/settings.css'
import './styles/senders.css'
import './styles/notices.css'
import './styles/golive.css'
import 'uplot/dist/uPlot.min.css'
import './styles/reports.css'
import './styles/health.css'
import './styles/desktop.css'
import { App } from './app.tsx'
import { createConsole } from './console.ts'
import { applyTheme } from './theme.ts'

applyTheme()
const root = document.getElementById('root')
if (root === null) throw new Error('the page has no root')
const porch = createConsole()
porch.line.start()
porch.desktop?.start()
createRoot(root).render(
  <StrictMode>
    <App porch={porch} />
  </StrictMode>,
)
