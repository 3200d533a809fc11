@echo off
rem The porch command of the package, with the Node runtime that came along. (The flags: see build/porch in the sources.)
"%~dp0node.exe" --max-semi-space-size=16 --expose-gc "%~dp0app.asar.unpacked\dist\node\cli.js" %*
