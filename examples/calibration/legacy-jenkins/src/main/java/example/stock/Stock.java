package example.stock;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;

public final class Stock {
    private Stock() {}

    public static int after(int present, int taken) {
        if (taken > present) {
            throw new IllegalArgumentException("only " + present);
        }
        return present - taken;
    }

    public static void main(String[] args) throws SQLException {
        String url = System.getenv("STOCK_DATABASE");
        try (Connection connection = DriverManager.getConnection(url, "stock", System.getenv("STOCK_PASSWORD"));
             PreparedStatement update = connection.prepareStatement("UPDATE parts SET n = n - ? WHERE id = ?")) {
            update.setInt(1, Integer.parseInt(args[1]));
            update.setString(2, args[0]);
            update.executeUpdate();
        }
    }
}
