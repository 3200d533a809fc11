; What the installer for Windows does beside copying files: it offers the service, renews it at an upgrade, and asks at the
; end whether the data go too. electron-builder includes this file and inserts the macros; it is compiled twice, for the
; installer and for the uninstaller (BUILD_UNINSTALLER). Silent: /SERVICE installs the service; the data stay unless /PURGE.
!include "nsDialogs.nsh"
!include "LogicLib.nsh"
!include "FileFunc.nsh"

!ifndef BUILD_UNINSTALLER
  Var porchService
  Var porchServiceBox

  !macro customInit
    StrCpy $porchService "0"
    ${GetParameters} $R0
    ClearErrors
    ${GetOptions} $R0 "/SERVICE" $R1
    ${IfNot} ${Errors}
      StrCpy $porchService "1"
    ${EndIf}
    ; A service that is there is renewed. Its files are in use while it runs.
    nsExec::Exec 'schtasks /Query /TN Porch'
    Pop $R0
    ${If} $R0 == "0"
      StrCpy $porchService "1"
      nsExec::Exec 'schtasks /End /TN Porch'
      Pop $R0
    ${EndIf}
  !macroend

  !macro customPageAfterChangeDir
    Page custom porchServicePage porchServicePageLeave

    Function porchServicePage
      !insertmacro MUI_HEADER_TEXT "Service" "The gate when nobody is logged in"
      nsDialogs::Create 1018
      Pop $R0
      ${NSD_CreateLabel} 0 0 100% 36u "A mail gate should run from the start of the machine on, whoever is logged in. The window then shows that gate. It can be changed later: porch service install, porch service remove."
      Pop $R0
      ${NSD_CreateCheckbox} 0 44u 100% 12u "&Run the gate as a service"
      Pop $porchServiceBox
      ${If} $porchService == "1"
        ${NSD_Check} $porchServiceBox
      ${EndIf}
      nsDialogs::Show
    FunctionEnd

    Function porchServicePageLeave
      ${NSD_GetState} $porchServiceBox $R0
      ${If} $R0 == ${BST_CHECKED}
        StrCpy $porchService "1"
      ${Else}
        StrCpy $porchService "0"
      ${EndIf}
    FunctionEnd
  !macroend

  !macro customInstall
    ${If} $porchService == "1"
      DetailPrint "The service ..."
      nsExec::ExecToLog '"$INSTDIR\resources\porch.cmd" service install'
      Pop $R0
      ${If} $R0 != "0"
        MessageBox MB_OK|MB_ICONEXCLAMATION "The service could not be started (the log tells why). Porch is installed; try again with: porch service install" /SD IDOK
      ${EndIf}
    ${EndIf}
  !macroend
!endif

!macro customUnInstall
  ; An upgrade takes the old files away too: neither the service nor the data are its business.
  ${IfNot} ${isUpdated}
    StrCpy $R2 "service remove"
    ${GetParameters} $R0
    ClearErrors
    ${GetOptions} $R0 "/PURGE" $R1
    ${IfNot} ${Errors}
      StrCpy $R2 "service remove --purge"
    ${Else}
      MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "Delete the service's sessions, rules and settings too? (No keeps them for a later installation.)" /SD IDNO IDNO porch_keep
      StrCpy $R2 "service remove --purge"
      porch_keep:
    ${EndIf}
    nsExec::ExecToLog '"$INSTDIR\resources\porch.cmd" $R2'
    Pop $R0
  ${EndIf}
!macroend
