# What installer and uninstaller do beside the steps of electron-builder, which expands these macros in its own script.
!include LogicLib.nsh
!include WordFunc.nsh
!include FileFunc.nsh
!include WinMessages.nsh

# The gateway's own name for its rule, made by the program when it is opened to the network.
!define FIREWALL_RULE "MT5 Fabric gateway"
!define ENVIRONMENT_KEY "SYSTEM\CurrentControlSet\Control\Session Manager\Environment"
!define LOGIN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"
!define LOGIN_APPROVED_KEY "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"

!macro customHeader
  !ifdef BUILD_UNINSTALLER
    LangString deleteData ${LANG_ENGLISH} "Delete settings, keys and audit log of this account too?$\r$\n$\r$\n$LOCALAPPDATA\mt5-fabric$\r$\n$\r$\nThe audit log cannot be made again."
    LangString deleteData ${LANG_SIMPCHINESE} "是否同时删除此帐户的设置、密钥和审计日志？$\r$\n$\r$\n$LOCALAPPDATA\mt5-fabric$\r$\n$\r$\n审计日志无法恢复。"
  !else
    LangString startAtLogin ${LANG_ENGLISH} "Start in the tray when I log in"
    LangString startAtLogin ${LANG_SIMPCHINESE} "登录时在托盘中启动"
  !endif
  LangString quitFirst ${LANG_ENGLISH} "${PRODUCT_NAME} is running. Quit it from its icon in the tray, so that it ends in order, and retry."
  LangString quitFirst ${LANG_SIMPCHINESE} "${PRODUCT_NAME} 正在运行。请从托盘图标退出，使其正常结束，然后重试。"
!macroend

# Never ends a gateway by force: one that did not end in order comes up halted.
!macro customCheckAppRunning
  lookAgain:
  ${nsProcess::FindProcess} "${APP_EXECUTABLE_FILENAME}" $R0
  ${If} $R0 == 0
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(quitFirst)" /SD IDCANCEL IDRETRY lookAgain
    SetErrorLevel 2
    Quit
  ${EndIf}
!macroend

!macro customInstall
  !insertmacro changePath "+"
!macroend

!macro customUnInstall
  !insertmacro changePath "-"
  # An update is an uninstall and an install: what belongs to the user stays.
  ${IfNot} ${isUpdated}
    !insertmacro removeFirewallRule
    !insertmacro removeLoginItem
    !insertmacro removeDataWhereAsked
  ${EndIf}
!macroend

# Puts the folder of the local commands on the PATH of the machine ("+"), or takes it off ("-").
!macro changePath SIGN
  Push $0
  Push $1
  Push $2
  Push $3
  ClearErrors
  # Fails where the PATH is longer than a string of this installer.
  ReadRegStr $0 HKLM "${ENVIRONMENT_KEY}" "Path"
  ${IfNot} ${Errors}
    StrLen $2 "$0;$INSTDIR\bin"
    # WordAdd puts a delimiter at both ends while it works.
    IntOp $3 ${NSIS_MAX_STRLEN} - 4
    ${If} $2 < $3
      ${WordAdd} "$0" ";" "${SIGN}$INSTDIR\bin" $1
      ${If} "$1" != "$0"
        WriteRegExpandStr HKLM "${ENVIRONMENT_KEY}" "Path" "$1"
        SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=500
      ${EndIf}
    ${EndIf}
  ${EndIf}
  ClearErrors
  Pop $3
  Pop $2
  Pop $1
  Pop $0
!macroend

# Fails where there is no rule, which is as good.
!macro removeFirewallRule
  Push $0
  nsExec::Exec '"$SYSDIR\netsh.exe" advfirewall firewall delete rule name="${FIREWALL_RULE}" dir=in'
  Pop $0
  Pop $0
!macroend

# Windows knows the entry by the program's AppUserModelID.
!macro removeLoginItem
  DeleteRegValue HKCU "${LOGIN_KEY}" "${APP_ID}"
  DeleteRegValue HKCU "${LOGIN_APPROVED_KEY}" "${APP_ID}"
  ClearErrors
!macroend

# Only by a person's yes, or by --delete-app-data; a silent uninstall keeps the data.
!macro removeDataWhereAsked
  Push $0
  Push $1
  SetShellVarContext current
  ${If} ${FileExists} "$LOCALAPPDATA\mt5-fabric\*.*"
    StrCpy $1 "keep"
    ${If} ${isDeleteAppData}
      StrCpy $1 "delete"
    ${ElseIf} ${Cmd} `MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "$(deleteData)" /SD IDNO IDYES`
      StrCpy $1 "delete"
    ${EndIf}
    ${If} $1 == "delete"
      RMDir /r "$LOCALAPPDATA\mt5-fabric"
    ${EndIf}
  ${EndIf}
  ${If} $installMode == "all"
    SetShellVarContext all
  ${EndIf}
  ClearErrors
  Pop $1
  Pop $0
!macroend

!macro customFinishPage
  Function startGateway
    ${StdUtils.ExecShellAsUser} $0 "$launchLink" "open" ""
  FunctionEnd

  # As the user, not as the administrator who installs; the same entry as the one in the tray's menu.
  Function startGatewayAtLogin
    StrCpy $1 '\"$INSTDIR\${APP_EXECUTABLE_FILENAME}\" --hidden'
    ${StdUtils.ExecShellAsUser} $0 "$SYSDIR\reg.exe" "open" 'add "HKCU\${LOGIN_KEY}" /v "${APP_ID}" /t REG_SZ /d "$1" /f'
  FunctionEnd

  !define MUI_FINISHPAGE_RUN
  !define MUI_FINISHPAGE_RUN_FUNCTION "startGateway"
  !define MUI_FINISHPAGE_SHOWREADME ""
  !define MUI_FINISHPAGE_SHOWREADME_TEXT "$(startAtLogin)"
  !define MUI_FINISHPAGE_SHOWREADME_FUNCTION "startGatewayAtLogin"
  !define MUI_FINISHPAGE_SHOWREADME_NOTCHECKED
  !insertmacro MUI_PAGE_FINISH
!macroend
