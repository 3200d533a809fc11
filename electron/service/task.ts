/**
 * The scheduled task that is the service on Windows, as text (Task Scheduler 1.4 schema). It starts with the machine, under
 * LOCAL SERVICE (no password, no rights on the network; Windows has no privileged ports), again after a crash, without the
 * three days after which a task is otherwise ended. Pure.
 */
import { startCommand } from './unit.ts'
import type { Start } from './unit.ts'

/** Of LOCAL SERVICE: its name depends on the language of the system, its SID does not. */
export const LOCAL_SERVICE = 'S-1-5-19'
export const ADMINISTRATORS = 'S-1-5-32-544'

/** To be saved as UTF-16 with a byte order mark, which is what schtasks reads without fail. */
export function taskXml(start: Start): string {
  const [program = '', ...args] = startCommand(start)
  return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.4" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Porch, an SMTP gate with a console. Written by "porch service install", taken away by "porch service remove".</Description>
  </RegistrationInfo>
  <Triggers>
    <BootTrigger>
      <Enabled>true</Enabled>
    </BootTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>${LOCAL_SERVICE}</UserId>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <AllowHardTerminate>true</AllowHardTerminate>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>false</RunOnlyIfNetworkAvailable>
    <IdleSettings>
      <StopOnIdleEnd>false</StopOnIdleEnd>
      <RestartOnIdle>false</RestartOnIdle>
    </IdleSettings>
    <AllowStartOnDemand>true</AllowStartOnDemand>
    <Enabled>true</Enabled>
    <Hidden>false</Hidden>
    <RunOnlyIfIdle>false</RunOnlyIfIdle>
    <WakeToRun>false</WakeToRun>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>4</Priority>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>999</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${escaped(program)}</Command>
      <Arguments>${escaped(args.map(quoted).join(' '))}</Arguments>
      <WorkingDirectory>${escaped(start.dataDir)}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
`.replaceAll('\n', '\r\n')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** As CommandLineToArgvW takes it apart: a quotation mark cannot be in a path, a final backslash would escape the closing one. */
function quoted(argument: string): string {
  return /^[\w.:\\/=-]+$/.test(argument) ? argument : `"${argument.replace(/\\+$/, '$&$&')}"`
}
