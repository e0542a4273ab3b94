using System.CommandLine;
using Esddns.Configuration;

namespace Esddns.Tests.Configuration;

/// <summary>The settings and options of a command line. No message repeats the value of a setting.</summary>
public sealed class ArgumentReaderTests
{
    private static readonly Option<bool> s_once = ArgumentReader.Switch("--once", "One round.");

    [Theory]
    [InlineData("--Esddns:Ttl=300", "--Esddns:Ttl=300")]
    [InlineData("--Esddns:Ttl 300", "--Esddns:Ttl=300")]
    [InlineData("--esddns:ttl 300 --once", "--esddns:ttl=300")]
    [InlineData("--once --PORT 1 --Esddns:A=", "--PORT=1 --Esddns:A=")]
    [InlineData("--Esddns:Offset -5", "--Esddns:Offset=-5")]
    [InlineData("--Esddns:A=b=c", "--Esddns:A=b=c")]
    public void Settings_AreRead(string line, string settings)
    {
        var read = Read(line);
        Assert.Empty(read.Errors);
        Assert.Equal(settings.Split(' '), read.Settings);
        Assert.Null(read.ExitCode);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("--once", true)]
    [InlineData("--Esddns:Ttl 300 --once", true)]
    [InlineData("--once --Esddns:Ttl=300", true)]
    public void Option_IsSetOnlyWhenGiven(string line, bool isSet)
    {
        var read = Read(line);
        Assert.Empty(read.Errors);
        Assert.Equal(isSet, read.Has(s_once));
    }

    [Theory]
    [InlineData("--Esddns:Ttl", "--Esddns:Ttl has no value; write --Esddns:Ttl=value.")]
    [InlineData("--Esddns:Ttl --once", "--Esddns:Ttl has no value; write --Esddns:Ttl=value.")]
    [InlineData("--twice", "'--twice' is not known; see --help.")]
    [InlineData("once", "'once' is not known; see --help.")]
    [InlineData("-o", "'-o' is not known; see --help.")]
    [InlineData("--Esddns:", "'--Esddns:' is not known; see --help.")]
    [InlineData("--PORTS 1", "'--PORTS' is not known; see --help.", "'1' is not known; see --help.")]
    [InlineData("--", "'--' is not known; see --help.")]
    [InlineData("[diagram]", "'[diagram]' is not known; see --help.")]
    [InlineData("@file", "'@file' is not known; see --help.")]
    [InlineData("--twice --thrice", "'--twice' is not known; see --help.", "'--thrice' is not known; see --help.")]
    [InlineData(
        "--twice --Esddns:Ttl",
        "--Esddns:Ttl has no value; write --Esddns:Ttl=value.",
        "'--twice' is not known; see --help."
    )]
    public void Mistakes_AreNamed(string line, params string[] errors) => Assert.Equal(errors, Read(line).Errors);

    /// <summary>The extra word is the second half of a value with a space.</summary>
    [Theory]
    [InlineData(
        "--Esddns:Token=first SECRET",
        "--Esddns:Token is followed by an extra word; write --Esddns:Token=value, in quotes if it has spaces."
    )]
    [InlineData(
        "--Esddns:Token first SECRET",
        "--Esddns:Token is followed by an extra word; write --Esddns:Token=value, in quotes if it has spaces."
    )]
    [InlineData("--Esdns:Token SECRET", "'--Esdns:Token' is not known; see --help.")]
    [InlineData("--Esdns:Token=SECRET", "'--Esdns:Token' is not known; see --help.")]
    [InlineData(
        "--Esdns:Token --twice",
        "'--Esdns:Token' is not known; see --help.",
        "'--twice' is not known; see --help."
    )]
    public void ValueOfASetting_IsInNoMessage(string line, params string[] errors) =>
        Assert.Equal(errors, Read(line).Errors);

    private static Arguments Read(string line) =>
        new ArgumentReader("A program.", ["Esddns:", "PORT"], s_once).Read(
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        );
}
