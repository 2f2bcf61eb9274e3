@echo off
rem The local commands: the program itself, run as Node, so that it writes to this console.
setlocal
set ELECTRON_RUN_AS_NODE=1
"%~dp0..\MT5 Fabric.exe" "%~dp0..\resources\app.asar\dist\mt5-fabric.js" %*
exit /b %ERRORLEVEL%
