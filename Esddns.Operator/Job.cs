namespace Esddns.Operator;

/// <summary>The job of the process.</summary>
internal enum Job
{
    /// <summary>Runs the control loop until the process is stopped.</summary>
    Run,

    /// <summary>Runs one round and exits; for cron and scripts.</summary>
    Once,

    /// <summary>Sends a test message to each notification channel and exits.</summary>
    TestNotifications,

    /// <summary>Only validates the configuration and prints it.</summary>
    CheckConfig,
}
