import { join } from 'node:path';

const INCLUDE = join(import.meta.dirname, '../../resources/installer/installer.nsh');

/**
 * A program that carries out the own steps of installer or uninstaller, as `/step=install` or `/step=uninstall` says, with
 * stand-ins for what electron-builder's script brings. `folder` is where it believes to be installed.
 */
export function installerScript(folder: string): string {
  return `Unicode true
Target amd64-unicode
Name "MT5 Fabric"
OutFile "installer-steps.exe"
RequestExecutionLevel user
SilentInstall silent
InstallDir "${folder}"
!define PRODUCT_NAME "MT5 Fabric"
!define APP_ID "org.mt5fabric.gateway"
!define APP_EXECUTABLE_FILENAME "MT5 Fabric.exe"
!define BUILD_UNINSTALLER
Var installMode
LoadLanguageFile "\${NSISDIR}/Contrib/Language files/English.nlf"
LoadLanguageFile "\${NSISDIR}/Contrib/Language files/SimpChinese.nlf"
!include "${INCLUDE}"
!insertmacro customHeader
${flagTest('isUpdated', '--updated')}
${flagTest('isDeleteAppData', '--delete-app-data')}
# Nothing of it runs, but for a test that names its window.
!define nsProcess::FindProcess "!insertmacro findProcess"
!macro findProcess NAME RESULT
  StrCpy \${RESULT} 603
  \${If} \${FileExists} "$EXEDIR\\gateway-runs"
    StrCpy \${RESULT} 0
  \${EndIf}
!macroend
Section
  StrCpy $installMode "all"
  \${GetParameters} $R0
  \${GetOptions} $R0 "/step=" $R1
  !insertmacro customCheckAppRunning
  \${If} $R1 == "install"
    !insertmacro customInstall
  \${Else}
    !insertmacro customUnInstall
  \${EndIf}
SectionEnd
`;
}

/** A test of a flag in the form that electron-builder's script has for its own. */
function flagTest(name: string, flag: string): string {
  return `!macro _${name} _a _b _t _f
  ClearErrors
  \${GetParameters} $R9
  \${GetOptions} $R9 "${flag}" $R9
  IfErrors \`\${_f}\` \`\${_t}\`
!macroend
!define ${name} \`"" ${name} ""\``;
}

/** Stands in for netsh.exe: adds its words to a file, and changes nothing. */
export const STAND_IN_NETSH = `Unicode true
Target amd64-unicode
Name "netsh"
OutFile "netsh.exe"
RequestExecutionLevel user
SilentInstall silent
Section
  System::Call 'kernel32::GetCommandLine()t.r0'
  FileOpen $1 "C:\\netsh.txt" a
  FileSeek $1 0 END
  FileWriteUTF16LE $1 "$0$\\n"
  FileClose $1
SectionEnd
`;
