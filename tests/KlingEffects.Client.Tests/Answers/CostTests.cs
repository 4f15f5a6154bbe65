using System.Globalization;

namespace KlingEffects.Tests.Answers;

/// <summary>What an answer says that its task cost, in units and in money, from every shape that the API has. What it does not say is unknown, not 0.</summary>
public class CostTests
{
    private const string Unit = """{"charge_type":"unit","amount":"2","package_type":"video"}""";
    private const string Cash = """{"charge_type":"cash","cash_type":"balance","amount":"0.28","currency":"USD","list_price":"0.4"}""";

    [Theory]
    // The effects' route: units as text; the price that was taken, not the list's; a bare number (seen in one public client's tests).
    [InlineData("\"final_unit_deduction\":\"2\"", "2", null)]
    [InlineData("\"final_unit_deduction\":2.5", "2.5", null)]
    [InlineData("\"final_balance_deduction\":{\"quota\":\"0.28\",\"list_price\":\"0.4\"}", null, "0.28")]
    [InlineData("\"final_balance_deduction\":{\"quota\":0.28}", null, "0.28")]
    [InlineData("\"final_balance_deduction\":0.56", null, "0.56")]
    [InlineData("\"final_balance_deduction\":\"0.56\"", null, "0.56")]
    [InlineData("\"final_balance_deduction\":[{\"quota\":\"0.28\"}]", null, "0.28")]
    [InlineData("\"finalBalanceDeduction\":{\"quota\":\"0.28\"},\"finalUnitDeduction\":\"2\"", "2", "0.28")]
    [InlineData("\"final_unit_deduction\":\"2\",\"final_balance_deduction\":{\"quota\":\"0\",\"list_price\":\"0\"}", "2", "0")]
    [InlineData("\"final_unit_deduction\":\"0\"", "0", null)]
    // The newer standard.
    [InlineData("\"billing\":[" + Unit + "]", "2", null)]
    [InlineData("\"billing\":[" + Cash + "]", null, "0.28")]
    [InlineData("\"billing\":[" + Unit + "," + Cash + "," + Unit + "," + Cash + "]", "4", "0.56")]
    [InlineData("\"billing\":[{\"amount\":\"2\"}]", "2", null)]
    [InlineData("\"billing\":[{\"amount\":\"2\",\"currency\":\"CNY\"}]", null, "2")]
    [InlineData("\"billing\":[{\"charge_type\":\"cash\",\"amount\":\"1.2\"},{\"charge_type\":\"cash\",\"amount\":\"0.3\"}]", null, "1.5")]
    // What is not said, can't be read, or can't be added.
    [InlineData("\"billing\":[]", null, null)]
    [InlineData("\"billing\":[" + Cash + ",{\"charge_type\":\"cash\",\"amount\":\"2\",\"currency\":\"CNY\"}]", null, null)]
    [InlineData("\"billing\":[" + Unit + ",{\"charge_type\":\"unit\",\"amount\":\"many\"}]", null, null)]
    [InlineData("\"billing\":[{\"charge_type\":\"points\",\"amount\":\"7\"}," + Unit + "]", "2", null)]
    [InlineData("\"billing\":\"2\"", null, null)]
    [InlineData("\"final_unit_deduction\":\"\",\"final_balance_deduction\":{}", null, null)]
    [InlineData("\"final_balance_deduction\":{\"list_price\":\"0.4\"}", null, null)]
    [InlineData("\"final_balance_deduction\":null,\"final_unit_deduction\":null", null, null)]
    [InlineData("\"final_unit_deduction\":\"-1\",\"final_balance_deduction\":\"NaN\"", null, null)]
    [InlineData("\"final_unit_deduction\":\"string\",\"final_balance_deduction\":{\"quota\":\"string\",\"list_price\":\"string\"}", null, null)]
    public void Units_and_money_are_told_apart(string members, string? units, string? cost)
    {
        foreach (string status in (string[])["succeed", "failed"])
        {
            KlingTask flat = Reading.Told($$"""{"code":0,"data":{"task_id":"1","task_status":"{{status}}",{{members}} } }""");
            KlingTask wrapped = Reading.Told($$"""{"code":"success","data":{"task_id":"1","status":"{{status}}","data":{"task_id":"1","task_status":"{{status}}",{{members}} } } }""");
            Assert.Equal((Amount(units), Amount(cost)), (flat.Units, flat.Cost));
            Assert.Equal((Amount(units), Amount(cost)), (wrapped.Units, wrapped.Cost));
        }
    }

    [Fact]
    public void What_a_later_answer_leaves_out_stays_known()
    {
        KlingTask earlier = new() { TaskId = "1", Units = 2, Cost = 0.28m };
        KlingTask later = Reading.Told("""{"code":0,"data":{"task_id":"1","task_status":"succeed"}}""").MergedWith(earlier);
        Assert.Equal((2m, 0.28m), (later.Units, later.Cost));
    }

    private static decimal? Amount(string? text) => text is null ? null : decimal.Parse(text, CultureInfo.InvariantCulture);
}
