using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Facturation.Storage.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class HeldSuspects : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "HoldsSuspects",
                table: "Clients",
                type: "bit",
                nullable: false,
                defaultValue: false);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "HoldsSuspects",
                table: "Clients");
        }
    }
}
