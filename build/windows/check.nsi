; Compiles installer.nsh the way electron-builder does, as installer and (-DBUILD_UNINSTALLER) as uninstaller, with Debian's
; makensis: a mistake in it is found where there is no Windows. What comes out is thrown away.
Unicode true
!include "MUI2.nsh"
!include "LogicLib.nsh"
Name "Porch"
OutFile "${OUT}"
RequestExecutionLevel admin
InstallDir "$PROGRAMFILES64\Porch"
!define isUpdated '"$EXEDIR" == "updated"'
!include "installer.nsh"
!insertmacro MUI_PAGE_DIRECTORY
!ifmacrodef customPageAfterChangeDir
  !insertmacro customPageAfterChangeDir
!endif
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
Section "install"
  !ifmacrodef customInstall
    !insertmacro customInstall
  !endif
  WriteUninstaller "$INSTDIR\uninstall.exe"
SectionEnd
Function .onInit
  !ifmacrodef customInit
    !insertmacro customInit
  !endif
FunctionEnd
Section "Uninstall"
  !insertmacro customUnInstall
SectionEnd
