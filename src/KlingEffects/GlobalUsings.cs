global using System.Globalization;
global using System.Management.Automation;
